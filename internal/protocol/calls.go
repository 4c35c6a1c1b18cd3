package protocol

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func (s *server) GetMetadata(
	ctx context.Context,
	req *tfprotov6.GetMetadataRequest,
) (*tfprotov6.GetMetadataResponse, error) {
	return during(ctx, req, s.to.GetMetadata)
}

func (s *server) GetProviderSchema(
	ctx context.Context,
	req *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return during(ctx, req, s.to.GetProviderSchema)
}

func (s *server) GetResourceIdentitySchemas(
	ctx context.Context,
	req *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return during(ctx, req, s.to.GetResourceIdentitySchemas)
}

func (s *server) ValidateProviderConfig(
	ctx context.Context,
	req *tfprotov6.ValidateProviderConfigRequest,
) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return during(ctx, req, s.to.ValidateProviderConfig)
}

func (s *server) ConfigureProvider(
	ctx context.Context,
	req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return during(ctx, req, s.to.ConfigureProvider)
}

func (s *server) StopProvider(
	ctx context.Context,
	req *tfprotov6.StopProviderRequest,
) (*tfprotov6.StopProviderResponse, error) {
	s.direct.stop()
	return during(ctx, req, s.to.StopProvider)
}

func (s *server) ValidateResourceConfig(
	ctx context.Context,
	req *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return during(ctx, req, s.to.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(
	ctx context.Context,
	req *tfprotov6.UpgradeResourceStateRequest,
) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if t, ok := s.direct.types[req.TypeName]; ok {
		if resp, done := t.upgrade(req); done {
			return resp, nil
		}
	}
	return during(ctx, req, s.to.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(
	ctx context.Context,
	req *tfprotov6.UpgradeResourceIdentityRequest,
) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return during(ctx, req, s.to.UpgradeResourceIdentity)
}

func (s *server) ReadResource(
	ctx context.Context,
	req *tfprotov6.ReadResourceRequest,
) (*tfprotov6.ReadResourceResponse, error) {
	if t, ok := s.direct.types[req.TypeName]; ok {
		return s.direct.read(ctx, t, req), nil
	}
	return during(ctx, req, s.to.ReadResource)
}

func (s *server) PlanResourceChange(
	ctx context.Context,
	req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	if t, ok := s.direct.types[req.TypeName]; ok {
		return s.direct.plan(ctx, t, req), nil
	}
	return during(ctx, req, s.to.PlanResourceChange)
}

func (s *server) ApplyResourceChange(
	ctx context.Context,
	req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if t, ok := s.direct.types[req.TypeName]; ok {
		return s.direct.apply(ctx, t, req), nil
	}
	return during(ctx, req, s.to.ApplyResourceChange)
}

func (s *server) ImportResourceState(
	ctx context.Context,
	req *tfprotov6.ImportResourceStateRequest,
) (*tfprotov6.ImportResourceStateResponse, error) {
	return during(ctx, req, s.to.ImportResourceState)
}

func (s *server) MoveResourceState(
	ctx context.Context,
	req *tfprotov6.MoveResourceStateRequest,
) (*tfprotov6.MoveResourceStateResponse, error) {
	return during(ctx, req, s.to.MoveResourceState)
}

func (s *server) GenerateResourceConfig(
	ctx context.Context,
	req *tfprotov6.GenerateResourceConfigRequest,
) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return during(ctx, req, s.to.GenerateResourceConfig)
}

func (s *server) ValidateDataResourceConfig(
	ctx context.Context,
	req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return during(ctx, req, s.to.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(
	ctx context.Context,
	req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	return during(ctx, req, s.to.ReadDataSource)
}

func (s *server) CallFunction(
	ctx context.Context,
	req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	return during(ctx, req, s.to.CallFunction)
}

func (s *server) GetFunctions(
	ctx context.Context,
	req *tfprotov6.GetFunctionsRequest,
) (*tfprotov6.GetFunctionsResponse, error) {
	return during(ctx, req, s.to.GetFunctions)
}

func (s *server) ValidateEphemeralResourceConfig(
	ctx context.Context,
	req *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return during(ctx, req, s.to.ValidateEphemeralResourceConfig)
}

func (s *server) OpenEphemeralResource(
	ctx context.Context,
	req *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return during(ctx, req, s.to.OpenEphemeralResource)
}

func (s *server) RenewEphemeralResource(
	ctx context.Context,
	req *tfprotov6.RenewEphemeralResourceRequest,
) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return during(ctx, req, s.to.RenewEphemeralResource)
}

func (s *server) CloseEphemeralResource(
	ctx context.Context,
	req *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return during(ctx, req, s.to.CloseEphemeralResource)
}

func (s *server) ValidateListResourceConfig(
	ctx context.Context,
	req *tfprotov6.ValidateListResourceConfigRequest,
) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	return during(ctx, req, s.to.ValidateListResourceConfig)
}

func (s *server) ValidateActionConfig(
	ctx context.Context,
	req *tfprotov6.ValidateActionConfigRequest,
) (*tfprotov6.ValidateActionConfigResponse, error) {
	return during(ctx, req, s.to.ValidateActionConfig)
}

func (s *server) PlanAction(
	ctx context.Context,
	req *tfprotov6.PlanActionRequest,
) (*tfprotov6.PlanActionResponse, error) {
	return during(ctx, req, s.to.PlanAction)
}

func (s *server) ValidateStateStoreConfig(
	ctx context.Context,
	req *tfprotov6.ValidateStateStoreConfigRequest,
) (*tfprotov6.ValidateStateStoreConfigResponse, error) {
	return during(ctx, req, s.to.ValidateStateStoreConfig)
}

func (s *server) ConfigureStateStore(
	ctx context.Context,
	req *tfprotov6.ConfigureStateStoreRequest,
) (*tfprotov6.ConfigureStateStoreResponse, error) {
	return during(ctx, req, s.to.ConfigureStateStore)
}

func (s *server) WriteStateBytes(
	ctx context.Context,
	req *tfprotov6.WriteStateBytesStream,
) (*tfprotov6.WriteStateBytesResponse, error) {
	return during(ctx, req, s.to.WriteStateBytes)
}

func (s *server) GetStates(ctx context.Context, req *tfprotov6.GetStatesRequest) (*tfprotov6.GetStatesResponse, error) {
	return during(ctx, req, s.to.GetStates)
}

func (s *server) DeleteState(
	ctx context.Context,
	req *tfprotov6.DeleteStateRequest,
) (*tfprotov6.DeleteStateResponse, error) {
	return during(ctx, req, s.to.DeleteState)
}

func (s *server) LockState(ctx context.Context, req *tfprotov6.LockStateRequest) (*tfprotov6.LockStateResponse, error) {
	return during(ctx, req, s.to.LockState)
}

func (s *server) UnlockState(
	ctx context.Context,
	req *tfprotov6.UnlockStateRequest,
) (*tfprotov6.UnlockStateResponse, error) {
	return during(ctx, req, s.to.UnlockState)
}
