package kratos_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// v1.3 fills each field that an entry lacks from another address.
func TestReplaceVerifiableAddresses_sendsEveryField(t *testing.T) {
	t.Parallel()
	op := kratos.ReplaceVerifiableAddresses([]kratos.VerifiableAddress{
		{Value: "new@example.org", Via: "email", Verified: true, Status: kratos.StatusCompleted},
		{
			ID: "9f425a8d-7efc-4768-8f23-7647a74fdf13", Value: "old@example.org", Via: "email", Verified: true, Status: "completed",
			VerifiedAt: "2026-01-02T03:04:05Z", CreatedAt: "2026-01-01T00:00:00Z", UpdatedAt: "2026-01-02T00:00:00Z",
		},
		{ID: "1f425a8d-7efc-4768-8f23-7647a74fdf13", Value: "+1555", Via: "sms", VerifiedAt: "2026-01-02T03:04:05Z"},
	})
	var got []map[string]any
	if err := json.Unmarshal(op.Value, &got); err != nil || op.Op != "replace" || op.Path != "/verifiable_addresses" {
		t.Fatalf("%+v: %v", op, err)
	}
	want := []map[string]any{
		{
			"id": "00000000-0000-0000-0000-000000000000", "value": "new@example.org", "via": "email", "verified": true, "status": "completed",
			"verified_at": nil, "created_at": "0001-01-01T00:00:00Z", "updated_at": "0001-01-01T00:00:00Z",
		},
		{
			"id": "9f425a8d-7efc-4768-8f23-7647a74fdf13", "value": "old@example.org", "via": "email", "verified": true, "status": "completed",
			"verified_at": "2026-01-02T03:04:05Z", "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-02T00:00:00Z",
		},
		{
			"id": "1f425a8d-7efc-4768-8f23-7647a74fdf13", "value": "+1555", "via": "sms", "verified": false, "status": "pending",
			"verified_at": nil, "created_at": "0001-01-01T00:00:00Z", "updated_at": "0001-01-01T00:00:00Z",
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
