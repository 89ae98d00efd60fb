package hudson.model;

public abstract class ParameterValue implements java.io.Serializable {
    protected ParameterValue(java.lang.String a0, java.lang.String a1) {}

    public final java.lang.String getName() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.Object getValue() {
        throw new UnsupportedOperationException("stub");
    }

    public boolean isSensitive() {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.model.ParameterValue <init>/2 getName getValue isSensitive
