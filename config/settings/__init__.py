"""Settings: `base` holds what every installation shares; `demo`, `production` and `test` choose."""
