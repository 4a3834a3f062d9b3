"""Pictures: values -> PNG, with a font that the program carries."""
