package kratos

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// The states of a message.
const (
	MessageQueued     = "queued"
	MessageProcessing = "processing"
	MessageSent       = "sent"
	MessageAbandoned  = "abandoned"
)

// CourierMessage is a message of the server's courier ("message"), without its text.
type CourierMessage struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Template string `json:"template_type"` // such as "recovery_code_valid"

	// Dispatches are the attempts to send the message. Only a single read has them.
	Dispatches bounded[struct {
		Error json.RawMessage `json:"error"`
	}] `json:"dispatches"`
}

const messagesPath = "/admin/courier/messages"

// ListCourierMessages sends GET /admin/courier/messages ("listCourierMessages"): the first page of the messages to one
// recipient, the newest first.
func (c *Client) ListCourierMessages(ctx context.Context, recipient string) ([]CourierMessage, error) {
	query := url.Values{"recipient": {recipient}, "page_size": {strconv.Itoa(defaultPageSize)}}
	r := request{method: http.MethodGet, path: messagesPath, query: query, hidden: true}
	var messages []CourierMessage
	err := c.do(ctx, r, func(res *response) (err error) {
		if messages, err = decodeArray[CourierMessage](res.body, "messages on one page", MaxPageSize); err != nil {
			return res.undecodable("list of messages", err)
		}
		return nil
	})
	return messages, err
}

// GetCourierMessage sends GET /admin/courier/messages/{id} ("getCourierMessage").
func (c *Client) GetCourierMessage(ctx context.Context, id string) (*CourierMessage, error) {
	r := request{method: http.MethodGet, path: messagesPath + "/" + url.PathEscape(id), hidden: true}
	var message CourierMessage
	err := c.do(ctx, r, func(res *response) error {
		if err := json.Unmarshal(res.body, &message); err != nil || message.ID == "" {
			return res.undecodable("message", err)
		}
		return nil
	})
	return &message, err
}
