package networksim

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
)

// send writes the answer, or the part of it that the fault leaves.
func (s *Server) send(w http.ResponseWriter, a *answer, fault Fault) {
	switch fault {
	case LostAnswer:
		panic(http.ErrAbortHandler) // ends the connection
	case ResetInBody:
		a.reset(w)
		return
	case Late502:
		a = gatewayError(http.StatusBadGateway)
	case Late504:
		a = gatewayError(http.StatusGatewayTimeout)
	case TruncatedJSON:
		a.body = a.body[:len(a.body)/2]
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if bodyAllowed(a.status) {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if len(a.body) > 0 {
		_, _ = w.Write(a.body) // fails only if the client has disconnected
	}
}

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// reset sends half of the answer and resets the connection.
func (a *answer) reset(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	connection, buffer, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer connection.Close()
	status := a.status
	if !bodyAllowed(status) {
		status = http.StatusOK
	}
	// The header announces one byte more than the body has, so that even an empty body is incomplete.
	fmt.Fprintf(buffer, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), len(a.body)+1, a.body[:len(a.body)/2])
	_ = buffer.Flush() // fails only if the client has disconnected
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes Close reset the connection
	}
}

// instead returns the answer to a request that doesn't reach Kratos because of this fault.
func instead(fault Fault) *answer {
	switch fault {
	case Burst:
		return tooMany("0")
	case Error500:
		return kratosError(http.StatusInternalServerError, "An internal server error occurred, please contact the system "+
			"administrator",
			"The simulator has failed on purpose.")
	case Error502:
		return gatewayError(http.StatusBadGateway)
	case Error503:
		return gatewayError(http.StatusServiceUnavailable)
	case Error504:
		return gatewayError(http.StatusGatewayTimeout)
	case Page200:
		return page(http.StatusOK)
	default:
		return page(http.StatusServiceUnavailable)
	}
}

// tooMany returns the refusal of a request beyond the limits. If the window ends within the second, Ory Network
// announces that only by a reset of 0.
func tooMany(reset string) *answer {
	if reset == "0" {
		return &answer{status: http.StatusTooManyRequests, header: http.Header{"X-Ratelimit-Reset": {reset}}}
	}
	return kratosError(http.StatusTooManyRequests, "Too many requests", "The project's limit of requests is reached.")
}

// kratosError returns an error in the format of Kratos.
func kratosError(status int, message, reason string) *answer {
	body, err := json.Marshal(map[string]any{"error": map[string]any{
		"code": status, "status": http.StatusText(status), "message": message, "reason": reason,
	}})
	if err != nil {
		panic(err) // strings and a number always encode
	}
	return &answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}
}

// gatewayError returns an error in the words of a gateway.
func gatewayError(status int) *answer {
	return &answer{
		status: status,
		header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
		body:   []byte(http.StatusText(status)),
	}
}

func page(status int) *answer {
	return &answer{
		status: status, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		body: []byte("<!DOCTYPE html><html><head><title>One moment</title></head><body><h1>We will be right " +
			"back</h1></body></html>"),
	}
}
