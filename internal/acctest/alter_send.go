package acctest

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// Lost drops the connection without an answer.
func Lost() Alteration {
	return sent(func(http.ResponseWriter, *Answer) { panic(http.ErrAbortHandler) })
}

// CutShort announces the whole body, sends half of it and closes the connection.
func CutShort() Alteration {
	return sent(func(w http.ResponseWriter, a *Answer) {
		a.begin(w, len(a.Body)+1)
		_, _ = w.Write(a.Body[:len(a.Body)/2]) // fails only if the client has disconnected
		flush(w)
		panic(http.ErrAbortHandler)
	})
}

// Dripped sends the body byte by byte, with a pause before each, until it is complete or the client gives up.
func Dripped(pause time.Duration) Alteration {
	return sent(func(w http.ResponseWriter, a *Answer) {
		a.begin(w, len(a.Body))
		for i := range a.Body {
			if !wait(a, pause) {
				return
			}
			_, _ = w.Write(a.Body[i : i+1]) // fails only if the client has disconnected
			flush(w)
		}
	})
}

// Endless sends the body again and again, until the client gives up.
func Endless() Alteration {
	return sent(func(w http.ResponseWriter, a *Answer) {
		a.Header.Set("Trailer", "X-End") // keeps Content-Length out
		for name, values := range a.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(a.Status)
		for a.Request.Context().Err() == nil {
			if _, err := w.Write(a.Body); err != nil {
				return
			}
		}
	})
}

// Stalled sends nothing and keeps the connection open, until the client gives up or the time is over.
func Stalled(limit time.Duration) Alteration {
	return sent(func(_ http.ResponseWriter, a *Answer) {
		wait(a, limit)
		panic(http.ErrAbortHandler)
	})
}

// Switched answers 101 and keeps the connection open for the given time, whatever the client does.
func Switched(limit time.Duration) Alteration {
	return raw("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", limit)
}

// Raw sends bytes in place of HTTP and closes the connection.
func Raw(bytes string) Alteration { return raw(bytes, 0) }

func raw(bytes string, open time.Duration) Alteration {
	return sent(func(w http.ResponseWriter, _ *Answer) {
		connection, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = fmt.Fprint(buffer, bytes) // fails only if the client has disconnected
		_ = buffer.Flush()
		// The request's context is of no use here: it doesn't end with a hijacked connection.
		go closeAfter(connection, open)
	})
}

func closeAfter(connection net.Conn, limit time.Duration) {
	time.Sleep(limit)
	_ = connection.Close() // the test is over, or the client has gone
}

func sent(send func(http.ResponseWriter, *Answer)) Alteration {
	return func(a *Answer) { a.send = send }
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// wait reports whether the client is still there after the time.
func wait(a *Answer, limit time.Duration) bool {
	select {
	case <-time.After(limit):
		return true
	case <-a.Request.Context().Done():
		return false
	}
}
