package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	"k8s.io/utils/exec"
)

// No command outlives this, so that one that hangs does not stay.
const atMost = 2 * time.Minute

// ExecInContainer implements remotecommand.Executor.
func (r rule) ExecInContainer(ctx context.Context, pod, _, _ string, command []string, in io.Reader,
	stdout, stderr io.WriteCloser, tty bool, _ <-chan remotecommand.TerminalSize, _ time.Duration) error {
	if r.Refuse != "" {
		return errors.New(r.Refuse)
	}
	if tty {
		return errors.New("this kubelet has no terminals: exec without --tty")
	}
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	env := map[string]string{"PATH": os.Getenv("PATH"), "HOSTNAME": pod}
	for name, value := range r.Env {
		env[name] = value
	}
	args := append(append([]string{}, r.Through...), command...)
	program, err := find(args[0], env["PATH"])
	if err != nil {
		return err
	}
	process := osexec.CommandContext(ctx, program, args[1:]...)
	process.Args[0] = args[0]
	process.Dir = r.Dir
	for name, value := range env {
		process.Env = append(process.Env, name+"="+value)
	}
	if stdout != nil {
		process.Stdout = stdout
	}
	if stderr != nil {
		process.Stderr = stderr
	}
	endWithUs(process)
	if err := feed(process, in); err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return fmt.Errorf("failed to start exec: %w", err)
	}
	return exitOf(command, process.Wait())
}

// feed passes standard input on without making the command wait for its end.
func feed(process *osexec.Cmd, in io.Reader) error {
	if in == nil {
		return nil
	}
	pipe, err := process.StdinPipe()
	if err != nil {
		return err
	}
	go func() {
		defer pipe.Close()
		_, _ = io.Copy(pipe, in)
	}()
	return nil
}

// exitOf gives an exit code the type that the streaming code asks for, with the words of containerd.
func exitOf(command []string, err error) error {
	var exit *osexec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	code := exit.ExitCode()
	if code < 0 { // ended by a signal, as the timeout does
		code = 137
	}
	return exec.CodeExitError{Err: fmt.Errorf("error executing command %v, exit code %d", command, code), Code: code}
}

// find looks a program up as a container runtime does: in the PATH of the container, and in its words when it is not there.
func find(program, path string) (string, error) {
	candidates := []string{program}
	if !strings.Contains(program, "/") {
		candidates = nil
		for _, folder := range filepath.SplitList(path) {
			candidates = append(candidates, filepath.Join(folder, program))
		}
	}
	for _, candidate := range candidates {
		if info, err := os.Stat(candidate); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return candidate, nil
		}
	}
	where := "executable file not found in $PATH"
	if strings.Contains(program, "/") {
		where = fmt.Sprintf("stat %s: no such file or directory", program)
	}
	return "", fmt.Errorf("failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: "+
		"unable to start container process: exec: %q: %s: unknown", program, where)
}
