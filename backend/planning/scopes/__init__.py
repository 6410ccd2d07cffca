"""What a directed draw is narrowed to: kind, region, industry, classified directory, special circumstances; and classes of them."""
