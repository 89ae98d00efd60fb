package hudson.model;

public interface Saveable {
    void save() throws java.io.IOException;
}

// stub: hudson.model.Saveable
