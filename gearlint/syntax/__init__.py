"""The languages a gear is written in: parses text, and knows no gear, image or rule."""
