provider "ory" {
  admin_url  = "http://kratos-admin.ory.svc.cluster.local"
  public_url = "http://kratos-public.ory.svc.cluster.local"
}
