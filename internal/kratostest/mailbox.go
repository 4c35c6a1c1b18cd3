package kratostest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// Mailbox is an SMTP server on loopback that keeps what it gets.
type Mailbox struct {
	listener net.Listener
	done     sync.WaitGroup

	mu      sync.Mutex
	mails   map[string][]string // texts by recipient
	refuses bool
}

// NewMailbox starts a mailbox. The caller must Close it.
func NewMailbox() (*Mailbox, error) {
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	m := &Mailbox{listener: listener, mails: map[string][]string{}}
	m.done.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed
			}
			m.done.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
				_ = m.serve(textproto.NewConn(conn)) // what broke off is no mail
			})
		}
	})
	return m, nil
}

// Address is where the mailbox listens.
func (m *Mailbox) Address() string { return m.listener.Addr().String() }

// Close ends the mailbox.
func (m *Mailbox) Close() error {
	err := m.listener.Close()
	m.done.Wait()
	return err
}

// Refuse has the mailbox refuse all recipients from now on.
func (m *Mailbox) Refuse() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuses = true
}

func (m *Mailbox) isRefusing() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refuses
}

// Count is the number of mails to a recipient.
func (m *Mailbox) Count(recipient string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.mails[recipient])
}

// Wait returns the plain text of the newest mail to a recipient, as soon as there is one.
func (m *Mailbox) Wait(ctx context.Context, recipient string) (string, error) {
	for {
		m.mu.Lock()
		mails := m.mails[recipient]
		m.mu.Unlock()
		if len(mails) > 0 {
			return mails[len(mails)-1], nil
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("waiting for a mail to %s: %w", recipient, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// serve speaks as much SMTP as Kratos needs.
func (m *Mailbox) serve(conn *textproto.Conn) error {
	var recipients []string
	answer := "220 mailbox"
	for {
		if err := conn.PrintfLine("%s", answer); err != nil {
			return err
		}
		line, err := conn.ReadLine()
		if err != nil {
			return err
		}
		answer = "250 ok"
		switch verb, rest, _ := strings.Cut(line, ":"); {
		case strings.EqualFold(verb, "RCPT TO") && m.isRefusing():
			answer = "550 no such mailbox"
		case strings.EqualFold(verb, "RCPT TO"):
			recipients = append(recipients, strings.Trim(rest, " <>"))
		case strings.EqualFold(line, "DATA"):
			if err := conn.PrintfLine("354 go on"); err != nil {
				return err
			}
			data, err := conn.ReadDotBytes()
			if err != nil {
				return err
			}
			if err := m.keep(recipients, data); err != nil {
				return err
			}
			recipients = nil
		case strings.EqualFold(line, "QUIT"):
			return conn.PrintfLine("221 bye")
		}
	}
}

func (m *Mailbox) keep(recipients []string, data []byte) error {
	text, err := plainText(data)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, recipient := range recipients {
		m.mails[recipient] = append(m.mails[recipient], text)
	}
	return nil
}

// plainText returns the part of a mail that is plain text.
func plainText(data []byte) (string, error) {
	message, err := mail.ReadMessage(bufio.NewReader(bytes.NewReader(data)))
	if err != nil {
		return "", err
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return decodeText(message.Header.Get("Content-Transfer-Encoding"), message.Body)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", errors.Join(errors.New("no plain text in the mail"), err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			return decodeText(part.Header.Get("Content-Transfer-Encoding"), part)
		}
	}
}

func decodeText(encoding string, body io.Reader) (string, error) {
	if strings.EqualFold(encoding, "quoted-printable") { // multipart.Part has decoded it already
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	return string(text), err
}
