// CMS by Bouncy Castle: a line of words in, a line out: "ok", or "no WHY".
//
//   sign NAME DIGEST pss|plain opaque|detached CONTENT OUT
//   verify FILE CONTENT|-
//   encrypt NAME pkcs1|oaep|ecdh|password|shared CIPHER CONTENT OUT
//   decrypt NAME|password|shared FILE OUT
//
// The first argument is the folder with NAME.pem and NAME.crt.

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.util.List;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.KEKIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.Store;

public class BouncyCastle {
    static Path folder;
    static final String PASSWORD = "between us";
    static final SecretKeySpec SHARED = new SecretKeySpec(octets(), "AES");

    static byte[] octets() {
        byte[] octets = new byte[32];
        java.util.Arrays.fill(octets, (byte) 7);
        return octets;
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        folder = Path.of(arguments[0]);
        System.out.println("Bouncy Castle " + new BouncyCastleProvider().getVersionStr());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null; ) {
            String answer;
            try {
                run(line.split(" "));
                answer = "ok";
            } catch (Throwable error) {
                answer = "no " + error.toString().replace('\n', ' ');
            }
            System.out.println(answer);
            System.out.flush();
        }
    }

    static void run(String[] words) throws Exception {
        switch (words[0]) {
            case "sign" -> sign(words[1], words[2], words[3].equals("pss"), words[4].equals("opaque"), words[5], words[6]);
            case "verify" -> verify(words[1], words[2]);
            case "encrypt" -> encrypt(words[1], words[2], words[3], words[4], words[5]);
            case "decrypt" -> decrypt(words[1], words[2], words[3]);
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    static PrivateKey key(String name) throws Exception {
        try (PEMParser parser = new PEMParser(new FileReader(folder.resolve(name + ".pem").toFile()))) {
            Object read = parser.readObject();
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter().setProvider("BC");
            return read instanceof PEMKeyPair pair
                ? converter.getKeyPair(pair).getPrivate()
                : converter.getPrivateKey((PrivateKeyInfo) read);
        }
    }

    static X509Certificate certificate(String name) throws Exception {
        try (PEMParser parser = new PEMParser(new FileReader(folder.resolve(name + ".crt").toFile()))) {
            return new JcaX509CertificateConverter().setProvider("BC").getCertificate((X509CertificateHolder) parser.readObject());
        }
    }

    static void sign(String name, String digest, boolean pss, boolean opaque, String content, String out) throws Exception {
        X509Certificate certificate = certificate(name);
        String algorithm = switch (key(name).getAlgorithm()) {
            case "RSA" -> digest + (pss ? "WITHRSAANDMGF1" : "WITHRSA");
            case "EC", "ECDSA" -> digest + "WITHECDSA";
            default -> "Ed25519";
        };
        var signer = new JcaContentSignerBuilder(algorithm).setProvider("BC").build(key(name));
        var digests = new JcaDigestCalculatorProviderBuilder().setProvider("BC").build();
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(digests).build(signer, certificate));
        generator.addCertificates(new JcaCertStore(List.of(certificate)));
        CMSSignedData made = generator.generate(new CMSProcessableByteArray(Files.readAllBytes(Path.of(content))), opaque);
        Files.write(Path.of(out), made.getEncoded());
    }

    static void verify(String file, String content) throws Exception {
        byte[] octets = Files.readAllBytes(Path.of(file));
        CMSSignedData signed = content.equals("-")
            ? new CMSSignedData(octets)
            : new CMSSignedData(new CMSProcessableByteArray(Files.readAllBytes(Path.of(content))), octets);
        Store<X509CertificateHolder> store = signed.getCertificates();
        X509Certificate authority = certificate("ca");
        int signers = 0;
        for (SignerInformation signer : signed.getSignerInfos()) {
            X509CertificateHolder holder = (X509CertificateHolder) store.getMatches(signer.getSID()).iterator().next();
            new JcaX509CertificateConverter().setProvider("BC").getCertificate(holder).verify(authority.getPublicKey());
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder))) {
                throw new CMSException("the signature does not stand");
            }
            signers++;
        }
        if (signers != 1) {
            throw new CMSException(signers + " signers");
        }
    }

    static ASN1ObjectIdentifier cipher(String name) {
        return switch (name) {
            case "aes128-cbc" -> CMSAlgorithm.AES128_CBC;
            case "aes192-cbc" -> CMSAlgorithm.AES192_CBC;
            case "aes256-cbc" -> CMSAlgorithm.AES256_CBC;
            case "aes128-gcm" -> CMSAlgorithm.AES128_GCM;
            case "aes192-gcm" -> CMSAlgorithm.AES192_GCM;
            case "aes256-gcm" -> CMSAlgorithm.AES256_GCM;
            case "3des-cbc" -> CMSAlgorithm.DES_EDE3_CBC;
            case "rc2-128-cbc" -> CMSAlgorithm.RC2_CBC;
            default -> throw new IllegalArgumentException(name);
        };
    }

    static RecipientInfoGenerator recipient(String name, String form, String cipher) throws Exception {
        switch (form) {
            case "pkcs1":
                return new JceKeyTransRecipientInfoGenerator(certificate(name)).setProvider("BC");
            case "oaep":
                var parameters = new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
                var algorithm = new JcaAlgorithmParametersConverter()
                    .getAlgorithmIdentifier(org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.id_RSAES_OAEP, parameters);
                return new JceKeyTransRecipientInfoGenerator(certificate(name), algorithm).setProvider("BC");
            case "ecdh":
                X509Certificate certificate = certificate(name);
                var generator = java.security.KeyPairGenerator.getInstance(name.equals("x25519") ? "X25519" : "EC", "BC");
                if (!name.equals("x25519")) {
                    generator.initialize(((java.security.interfaces.ECPublicKey) certificate.getPublicKey()).getParams());
                }
                var pair = generator.generateKeyPair();
                ASN1ObjectIdentifier agreement = name.equals("x25519") || name.equals("p256")
                    ? CMSAlgorithm.ECDH_SHA256KDF
                    : name.equals("p384") ? CMSAlgorithm.ECDH_SHA384KDF : CMSAlgorithm.ECDH_SHA512KDF;
                ASN1ObjectIdentifier wrap = cipher.contains("256") ? CMSAlgorithm.AES256_WRAP
                    : cipher.contains("128") ? CMSAlgorithm.AES128_WRAP : CMSAlgorithm.AES192_WRAP;
                return new JceKeyAgreeRecipientInfoGenerator(agreement, pair.getPrivate(), pair.getPublic(), wrap)
                    .addRecipient(certificate).setProvider("BC");
            case "shared":
                return new JceKEKRecipientInfoGenerator(new KEKIdentifier("key-1".getBytes(), null, null), SHARED).setProvider("BC");
            default:
                return new JcePasswordRecipientInfoGenerator(CMSAlgorithm.AES256_CBC, PASSWORD.toCharArray())
                    .setProvider("BC").setPRF(PasswordRecipient.PRF.HMacSHA256);
        }
    }

    static void encrypt(String name, String form, String cipher, String content, String out) throws Exception {
        RecipientInfoGenerator recipient = recipient(name, form, cipher);
        CMSTypedData data = new CMSProcessableByteArray(Files.readAllBytes(Path.of(content)));
        OutputEncryptor encryptor = new JceCMSContentEncryptorBuilder(cipher(cipher)).setProvider("BC").build();
        byte[] made;
        if (cipher.endsWith("gcm")) {
            CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient);
            made = generator.generate(data, (OutputAEADEncryptor) encryptor).getEncoded();
        } else {
            CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient);
            made = generator.generate(data, encryptor).getEncoded();
        }
        Files.write(Path.of(out), made);
    }

    static void decrypt(String name, String file, String out) throws Exception {
        byte[] octets = Files.readAllBytes(Path.of(file));
        RecipientInformationStore recipients;
        boolean authenticated = false;
        try {
            recipients = new CMSEnvelopedData(octets).getRecipientInfos();
        } catch (RuntimeException | CMSException error) {
            recipients = new CMSAuthEnvelopedData(octets).getRecipientInfos();
            authenticated = true;
        }
        RecipientInformation information = recipients.getRecipients().iterator().next();
        Recipient recipient;
        if (name.equals("shared")) {
            recipient = new JceKEKEnvelopedRecipient(SHARED).setProvider("BC");
        } else if (name.equals("password")) {
            recipient = new JcePasswordEnvelopedRecipient(PASSWORD.toCharArray()).setProvider("BC");
        } else if (information instanceof KeyAgreeRecipientInformation) {
            recipient = new JceKeyAgreeEnvelopedRecipient(key(name)).setProvider("BC");
        } else {
            recipient = authenticated
                ? new JceKeyTransAuthEnvelopedRecipient(key(name)).setProvider("BC")
                : new JceKeyTransEnvelopedRecipient(key(name)).setProvider("BC");
        }
        Files.write(Path.of(out), information.getContent(recipient));
    }
}
