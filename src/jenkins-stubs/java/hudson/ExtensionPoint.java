package hudson;

public interface ExtensionPoint {}

// stub: hudson.ExtensionPoint
