package kratos

// The states of an identity that the server knows today.
const (
	StateActive   = "active"
	StateInactive = "inactive"
)
