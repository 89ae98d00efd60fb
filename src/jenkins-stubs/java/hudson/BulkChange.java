package hudson;

public class BulkChange implements java.io.Closeable {
    public BulkChange(hudson.model.Saveable a0) {}

    public void commit() throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public void close() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.BulkChange <init> close commit x
