package hudson;

public class Util {
    public Util() {}

    public static java.lang.String rawEncode(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static java.lang.String fixNull(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static java.lang.String fixEmpty(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }

    public static java.lang.String fixEmptyAndTrim(java.lang.String a0) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.Util fixEmpty fixEmptyAndTrim fixNull:String rawEncode
