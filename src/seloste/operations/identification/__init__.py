"""Strong e-identification by OpenID Connect: who is at the other end is said by a provider, and checked here.

The authorization code flow with PKCE (RFC 7636), state and nonce (OpenID Connect Core 1.0, section 3.1). What a
provider says of a person is compared with what the register holds and is kept nowhere.
"""
