"""A payment provider that moves no money, for the sandbox: it behaves like one, bad days included."""
