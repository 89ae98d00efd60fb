package hudson;

public final class FilePath {
    public java.lang.String getRemote() { throw new UnsupportedOperationException("stub"); }
    public void copyFrom(java.io.InputStream a0) throws java.io.IOException, java.lang.InterruptedException { throw new UnsupportedOperationException("stub"); }
    public void mkdirs() throws java.io.IOException, java.lang.InterruptedException { throw new UnsupportedOperationException("stub"); }
    public hudson.FilePath child(java.lang.String a0) { throw new UnsupportedOperationException("stub"); }
    public boolean delete() throws java.io.IOException, java.lang.InterruptedException { throw new UnsupportedOperationException("stub"); }
    public boolean exists() throws java.io.IOException, java.lang.InterruptedException { throw new UnsupportedOperationException("stub"); }
    public void write(java.lang.String a0, java.lang.String a1) throws java.io.IOException, java.lang.InterruptedException { throw new UnsupportedOperationException("stub"); }
    public void renameTo(hudson.FilePath a0) throws java.io.IOException, java.lang.InterruptedException { throw new UnsupportedOperationException("stub"); }
    public hudson.remoting.VirtualChannel getChannel() { throw new UnsupportedOperationException("stub"); }
    FilePath() {}
}

// stub: hudson.FilePath child copyFrom:InputStream delete exists getChannel getRemote list/1:String mkdirs renameTo write:String
