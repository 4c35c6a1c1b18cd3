//go:build unix && !linux

package kratostest

import "syscall"

// tied processes can't be made to die with their parent here: only Stop ends them.
func tied() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
