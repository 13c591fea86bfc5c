"""``seloste doctor``: everything that whoever runs an installation should look at now and then, looked at by itself."""
