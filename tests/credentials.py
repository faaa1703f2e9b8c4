"""What everybody in the cast signs in with; no Django here, so that programs outside the server can."""

PASSWORD = "Une-vraie.Phrase42"
SEED = b"twenty bytes of seed"
