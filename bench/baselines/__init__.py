"""What benches compare the product to: each a program of its own, as short as what it stands for."""
