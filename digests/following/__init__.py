"""Subscriptions: what they bring, would have brought, and must not bring twice."""
