variable "initial_password" {
  description = "The password that Ada signs in with. Override it anywhere but on your own machine."
  type        = string
  sensitive   = true
  default     = "analytical-engine-1843"
}
