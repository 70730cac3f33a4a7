"""What a person gives us to import: archives, folders and bare files behind one contract."""
