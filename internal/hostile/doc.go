// Package hostile tests the provider on a real Kratos behind a proxy that alters answers. Each test is a row of a
// table: what Terraform does, which answers are altered, and how. The package has no code other than tests.
package hostile
