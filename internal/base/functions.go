package base

// FunctionsNeed is what the description of a function says of the versions of Terraform and OpenTofu.
const FunctionsNeed = "Needs Terraform 1.8 or OpenTofu 1.7."
