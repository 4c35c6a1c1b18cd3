# A passkey that was registered on another server with the same relying party id (domain).
resource "ory_identity" "radia" {
  schema_id = "preset://email"
  traits    = { email = "radia@example.org" }

  credentials = {
    passkey = {
      user_handle = "cmFkaWEtMTk1MQ=="
      credentials = [{
        id           = "fY0ZpV5Q2E6cKh1oYxw0rg=="
        public_key   = "pQECAyYgASFYIGVxchBAzoVGNzvH0qGmYQhhnHcGvA8V1C4ciCTaHOsHIlgg8dC4oKvNfPQHUnVRB5P3AlH6RiUwsIWAKPqGBuE7hpw="
        display_name = "Phone"
      }]
    }
  }
}
