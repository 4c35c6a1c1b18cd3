package kratos

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// readKey reads the API key from api_key_file, which another program may rewrite at any time. It ends with the context
// even if the file system doesn't respond.
func readKey(ctx context.Context, path string) (string, error) {
	type result struct {
		key string
		err error
	}
	for reads := 1; ; reads++ {
		done := make(chan result, 1)
		go func() {
			key, err := readKeyOnce(path)
			done <- result{key, err}
		}()
		var read result
		select {
		case read = <-done:
		case <-ctx.Done():
			return "", &ConfigError{"api_key_file", "cannot be read in time"}
		}
		if read.err != nil {
			return "", read.err
		}
		if read.key != "" || reads == maxKeyReads {
			return checkKey(read.key)
		}
		if err := sleep(ctx, keyPause); err != nil {
			return "", err
		}
	}
}

func checkKey(key string) (string, error) {
	if !validToken(key) {
		return "", &ConfigError{"api_key_file", "is empty, or contains characters that are not allowed in a header"}
	}
	return key, nil
}

// readKeyOnce reads the file. It accepts only regular files, because opening a FIFO blocks until a program writes to
// it.
func readKeyOnce(path string) (string, error) {
	refuse := func(reason string) (string, error) { return "", &ConfigError{"api_key_file", reason} }
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return refuse("cannot be read: " + withoutPath(err).Error())
	case !info.Mode().IsRegular():
		return refuse("cannot be read: it is not a regular file")
	}
	file, err := os.Open(path) //nolint:gosec // The path is the user's own setting.
	if err != nil {
		return refuse("cannot be read: " + withoutPath(err).Error())
	}
	data, err := io.ReadAll(io.LimitReader(file, maxKeyBytes+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return refuse("cannot be read: " + withoutPath(err).Error())
	}
	if len(data) > maxKeyBytes {
		return refuse("is too large for an API key")
	}
	return strings.TrimSpace(string(data)), nil
}

// withoutPath returns a file error without the name of the file. The name may be a secret in the wrong argument.
func withoutPath(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// sleep waits until the time is over or the context ends.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
