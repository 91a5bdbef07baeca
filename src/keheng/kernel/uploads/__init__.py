"""Resumable uploads and downloads whose right is checked."""
