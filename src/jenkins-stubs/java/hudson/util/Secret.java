package hudson.util;

public final class Secret implements java.io.Serializable {
    public java.lang.String getPlainText() {
        throw new UnsupportedOperationException("stub");
    }

    public java.lang.String getEncryptedValue() {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.Secret decrypt(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.util.Secret fromString(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    Secret() {}
}

// stub: hudson.util.Secret decrypt/1 fromString getEncryptedValue getPlainText
