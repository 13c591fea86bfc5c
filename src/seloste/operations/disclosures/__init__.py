"""Who receives data and who helps with it: agreements, transfers, disclosures one by one, requests from outside."""
