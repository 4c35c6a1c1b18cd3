terraform state replace-provider ory/ory d66889dc/ory
