package kratostest

import "syscall"

// tied processes die with the thread that started them, whatever kills it.
func tied() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
