"""Jianbao's newspaper side: pages, articles, digests, search, subscriptions. Knows no Telegram and reads no clock."""
