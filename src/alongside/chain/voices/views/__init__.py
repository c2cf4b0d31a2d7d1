"""The doors and pages of voices: for residents (public), for leads (reader), and for the reader itself (api)."""
