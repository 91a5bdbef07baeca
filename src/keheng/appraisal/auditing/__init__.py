"""What does not hold on a form: registered rules, one per audit code, and the engine that runs them."""
