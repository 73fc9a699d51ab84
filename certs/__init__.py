"""The certificate authority of the deployment: TLS, mutual TLS, signing and timestamping profiles."""
