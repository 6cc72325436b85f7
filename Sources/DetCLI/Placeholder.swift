// Holds the module's place until its first part lands.
