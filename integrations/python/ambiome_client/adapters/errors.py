"""What an adapter says when it is handed what its schema does not allow."""

from ambiome_protocol.errors import shown


class AdapterError(ValueError):
    """A description of a world that cannot be read. `str()` is one sentence that names schema, field and value.

    `schema` is the adapter's name ("metar"), `field` the path to the bad value ("weather[0].id", "group 4"), `value`
    the value itself and `allowed` what would have been right. Nothing was told: the world stays as it was.
    """

    def __init__(self, schema: str, field: str, value: object, allowed: str) -> None:
        super().__init__(schema, field, value, allowed)
        self.schema, self.field, self.value, self.allowed = schema, field, value, allowed

    def __str__(self) -> str:
        return f"{self.schema}: {self.field} is {shown(self.value)}; allowed: {self.allowed}"
