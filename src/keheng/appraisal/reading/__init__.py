"""From a file to forms: loaders turn any format into lines of cells, the rest understands them."""
