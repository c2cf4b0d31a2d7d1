"""Applications to a call. The applicant's pen; what they say never goes on the record. Readers see the shell and the answers, and never who it is from."""
