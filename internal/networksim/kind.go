package networksim

import (
	"net/http"
	"strings"
)

// Kind is what a request asks for.
type Kind string

// These are the kinds of request.
const (
	Create           Kind = "create"
	Batch            Kind = "batch"
	Get              Kind = "get"
	List             Kind = "list"
	ByExternalID     Kind = "by external id"
	Patch            Kind = "patch"
	Put              Kind = "put"
	Delete           Kind = "delete"
	DeleteCredential Kind = "delete credential"
	ListSessions     Kind = "list sessions"
	DeleteSessions   Kind = "delete sessions"
	Recovery         Kind = "recovery"
	Schema           Kind = "schema"
	Other            Kind = "other"
)

const (
	adminPrefix = "/admin/"
	identities  = "identities"
)

// kindOf returns the kind of a request by its method and its path below the base URL.
func kindOf(method, path string) Kind {
	if path == "/schemas" || strings.HasPrefix(path, "/schemas/") {
		return Schema
	}
	rest, ok := strings.CutPrefix(path, adminPrefix)
	if !ok {
		return Other
	}
	segments := strings.Split(rest, "/")
	switch {
	case segments[0] == "recovery" && method == http.MethodPost:
		return Recovery
	case segments[0] != identities:
		return Other
	case len(segments) == 1:
		return byMethod(method, map[string]Kind{http.MethodPost: Create, http.MethodPatch: Batch, http.MethodGet: List})
	case len(segments) == 2:
		return byMethod(method, map[string]Kind{
			http.MethodGet: Get, http.MethodPatch: Patch, http.MethodPut: Put, http.MethodDelete: Delete,
		})
	case segments[1] == "by":
		return byMethod(method, map[string]Kind{http.MethodGet: ByExternalID})
	case segments[2] == "sessions":
		return byMethod(method, map[string]Kind{http.MethodGet: ListSessions, http.MethodDelete: DeleteSessions})
	case segments[2] == "credentials":
		return byMethod(method, map[string]Kind{http.MethodDelete: DeleteCredential})
	}
	return Other
}

func byMethod(method string, kinds map[string]Kind) Kind {
	if kind, ok := kinds[method]; ok {
		return kind
	}
	return Other
}

// bucket returns the limit that applies to the kind, or noBucket if none does.
func (k Kind) bucket() bucket {
	switch k {
	case Create, Batch, Patch, Put, Delete, DeleteCredential, DeleteSessions, Recovery:
		return writes
	case Get:
		return gets
	case List, ByExternalID, ListSessions, Schema:
		return lists
	default:
		return noBucket
	}
}

// exclusive returns a name that only one request may use at a time, or "" if any number of requests may run.
func (k Kind) exclusive(path string) string {
	switch k {
	case Create, Batch:
		return "the project's creates"
	case Patch, Put, Delete, DeleteCredential, DeleteSessions:
		return path
	default:
		return ""
	}
}
