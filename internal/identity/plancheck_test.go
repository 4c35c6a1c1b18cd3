package identity_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// unknowns checks that an update plans exactly these attributes of ory_identity.test as unknown and keeps all other
// computed attributes.
type unknowns struct{ want map[string]bool }

func (u unknowns) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != address {
			continue
		}
		got, _ := change.Change.AfterUnknown.(map[string]any)
		names := map[string]bool{}
		for name, unknown := range got {
			if unknown == true {
				names[name] = true
			}
		}
		if !maps.Equal(names, u.want) {
			resp.Error = fmt.Errorf(
				"unknown in the plan: %v, want %v",
				slices.Sorted(maps.Keys(names)),
				slices.Sorted(maps.Keys(u.want)),
			)
			return
		}
		before, _ := change.Change.Before.(map[string]any)
		after, _ := change.Change.After.(map[string]any)
		for _, name := range []string{"id", "schema_url", "created_at", "state_changed_at", "verifiable_addresses", "recovery_addresses", "identifiers"} {
			if !u.want[name] && !reflect.DeepEqual(before[name], after[name]) {
				resp.Error = fmt.Errorf("the plan changes %s from %v to %v", name, before[name], after[name])
			}
		}
		return
	}
	resp.Error = fmt.Errorf("the plan has no %s", address)
}

// onlyChange checks that the plan changes one attribute of ory_identity.test. It ignores attributes that become
// unknown.
type onlyChange struct{ name string }

func (o onlyChange) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != address {
			continue
		}
		before, _ := change.Change.Before.(map[string]any)
		after, _ := change.Change.After.(map[string]any)
		var changed []string
		for name, value := range after {
			if !reflect.DeepEqual(before[name], value) {
				changed = append(changed, name)
			}
		}
		if len(changed) != 1 || changed[0] != o.name {
			resp.Error = fmt.Errorf("the plan changes %v, want only %s", changed, o.name)
		}
		return
	}
	resp.Error = fmt.Errorf("the plan has no %s", address)
}
