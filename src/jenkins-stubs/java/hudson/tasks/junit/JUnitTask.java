package hudson.tasks.junit;

public interface JUnitTask {}

// stub: hudson.tasks.junit.JUnitTask
