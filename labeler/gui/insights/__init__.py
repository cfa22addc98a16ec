"""The Insights screen: panels that paint themselves, and the list of items behind a mark."""
