package main

import (
	"os/exec"
	"syscall"
)

// endWithUs makes a command and what it starts end with its timeout, and the command itself end with this server.
func endWithUs(process *exec.Cmd) {
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	process.Cancel = func() error { return syscall.Kill(-process.Process.Pid, syscall.SIGKILL) }
}
