"""What every capability stands on: values, numbers, audit trail, registries. No word of any business in it."""
