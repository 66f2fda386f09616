package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"unsafe"
)

// isolate runs this program's check again, in a network and mount name space that end with it.
func isolate() int {
	cmd := exec.Command("/proc/self/exe", "check", "isolated")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"),
		"TMPDIR=" + os.TempDir(),
		"KUBERNETES_SERVICE_HOST=127.0.0.1",
		"KUBERNETES_SERVICE_PORT=1",
	}
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	cmd.SysProcAttr = attr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "check needs Linux and the right to make name spaces:", err)
		return 2
	}
	return 0
}

// prepareIsolated starts the loopback interface and lays a token where the kubernetes plugin looks for it; both are seen by
// this process only.
func prepareIsolated() {
	must(syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
	run, err := filepath.EvalSymlinks("/var/run")
	must(err)
	must(syscall.Mount("tmpfs", run, "tmpfs", 0, ""))
	account := filepath.Join(run, "secrets/kubernetes.io/serviceaccount")
	must(os.MkdirAll(account, 0o755))
	must(os.WriteFile(filepath.Join(account, "token"), []byte("not-a-token"), 0o600))
	must(startLoopback())
}

func startLoopback() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	request := struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); e != 0 {
		return e
	}
	return nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "check could not be isolated:", err)
		os.Exit(2)
	}
}
