# Tài khoản của tôi: đăng nhập hai bước, phiên đăng nhập, mật khẩu.
signin-code-title = Bước thứ hai
signin-back = Quay lại tên đăng nhập và mật khẩu
signin-demo-title = Dùng thử với vai…
signin-demo-text = Đây là bản trình diễn với các nhân vật hư cấu. Chọn một người: tên đăng nhập và mật khẩu sẽ được điền sẵn.

code-app = Mã từ ứng dụng xác thực
code-app-hint = Sáu chữ số, thay đổi sau mỗi 30 giây. Mỗi mã chỉ dùng được một lần.
code-recovery = Mã khôi phục
code-recovery-hint = Một trong mười mã đã được cất giữ, ví dụ abcd-efgh-ijkl-mnop. Mã đã dùng sẽ hết hiệu lực.
code-missing = Vui lòng nhập mã.
code-demo = Điền mã trình diễn { $code }
code-use-recovery = Dùng mã khôi phục
code-use-app = Dùng ứng dụng xác thực

stepup-why-code = Thao tác tiếp theo có giá trị ràng buộc hoặc mở hồ sơ cần bảo vệ. Vui lòng nhập mã từ ứng dụng xác thực; xác nhận có hiệu lực trong năm phút.

common-account = Tài khoản của tôi

account-title = Tài khoản của tôi
account-must-title = Thiết lập yếu tố xác thực thứ hai
account-must-why = Nhiệm vụ của bạn là chuẩn bị hoặc điều hành cuộc họp, xem nhật ký kiểm toán hoặc quản lý tài khoản. Với nhiệm vụ này, chỉ mật khẩu là chưa đủ: hãy thiết lập ứng dụng xác thực một lần, sau đó mọi chức năng sẽ được mở.
account-must-done = Tiếp tục

account-factor-title = Yếu tố xác thực thứ hai
account-factor-on = Đang dùng
account-factor-off = Chưa thiết lập
account-factor-on-text = Khi đăng nhập hoặc xác nhận thao tác, hệ thống yêu cầu mã từ ứng dụng xác thực.
account-factor-off-text = Bạn đang đăng nhập chỉ bằng mật khẩu. Với ứng dụng xác thực, người chỉ biết mật khẩu sẽ không vào được.
account-factor-since = Thiết lập lúc
account-factor-enrol = Thiết lập ứng dụng xác thực
account-factor-replace = Chuyển sang thiết bị khác
account-factor-replace-text = Thiết bị cũ vẫn dùng được cho đến khi thiết bị mới cấp mã đầu tiên. Sau đó các mã khôi phục cũ hết hiệu lực.
account-factor-remove = Gỡ yếu tố thứ hai
account-factor-remove-text = Từ đó, chỉ cần mật khẩu là vào được tài khoản. Các mã khôi phục hết hiệu lực.
account-factor-removed = Đã gỡ yếu tố xác thực thứ hai.
account-factor-enforced = Nhiệm vụ của bạn bắt buộc có yếu tố thứ hai. Có thể chuyển sang thiết bị khác nhưng không thể gỡ bỏ.

account-enrol-what = Cần có ứng dụng xác thực trên điện thoại: mọi ứng dụng tạo mã dùng một lần theo thời gian đều phù hợp. Việc thiết lập mất khoảng hai phút.
account-enrol-begin = Bắt đầu
account-enrol-scan = Quét hình này bằng ứng dụng.
account-qr = Mã QR cho ứng dụng xác thực
account-enrol-type = Hoặc nhập khóa sau vào ứng dụng:
account-enrol-code = Nhập mã mà ứng dụng đang hiển thị
account-enrol-code-hint = Sáu chữ số, thay đổi sau mỗi 30 giây.
account-enrol-confirm = Xác nhận
account-enrol-done = Hoàn tất

account-recovery-title = Mã khôi phục
account-recovery-once = Hãy cất giữ các mã này ngay bây giờ
account-recovery-what = Các mã chỉ hiển thị một lần duy nhất. Nếu điện thoại bị mất hoặc hỏng, mỗi mã cho phép vào một lần thay cho mã của ứng dụng. Hãy cất cùng giấy tờ quan trọng, không lưu trong điện thoại.
account-recovery-file = Plenum: mã khôi phục, mỗi mã dùng một lần
account-recovery-download = Tải xuống
account-recovery-print = In
account-recovery-kept = Tôi đã cất giữ các mã ở nơi an toàn
account-recovery-left = { $left ->
    [0] Không còn mã khôi phục nào.
   *[other] Còn { $left } mã khôi phục.
  }
account-recovery-few = Nên tạo mã mới sớm.
account-recovery-renew = Tạo mã mới
account-recovery-renew-text = Mã mới làm cho mọi mã cũ hết hiệu lực.
account-recovery-used = Bạn vừa dùng một mã khôi phục. { $left ->
    [0] Không còn mã nào: hãy tạo mã mới trong tài khoản ngay bây giờ.
   *[other] Còn lại { $left } mã.
  }

account-sessions-title = Nơi đang đăng nhập
account-sessions-text = Nếu thấy phiên lạ, hãy kết thúc phiên đó và đổi mật khẩu.
account-sessions-this = Phiên này
account-sessions-since = Đăng nhập lúc
account-sessions-used = dùng gần nhất
account-sessions-end = Kết thúc
account-sessions-end-named = Kết thúc phiên: { $device }
account-sessions-end-title = Kết thúc phiên này?
account-sessions-end-text = Phiên kết thúc ngay, cùng với mọi thứ đang mở ở đó. Nội dung chưa lưu ở đó sẽ mất.
account-sessions-end-others = Kết thúc các phiên khác
account-sessions-end-others-text = Bạn chỉ còn đăng nhập tại đây.
account-sessions-ended = Đã kết thúc.
account-device = { $browser } trên { $system }
account-device-unknown = Thiết bị không xác định
account-place = { $site } ({ $address })
account-place-unknown = Địa chỉ { $address }

account-password-title = Mật khẩu
account-password-text = Sau khi đổi, bạn sẽ bị đăng xuất ở mọi nơi khác.
account-password-current = Mật khẩu hiện tại
account-password-next = Mật khẩu mới
account-password-hint = Ít nhất { $length } ký tự: vài từ không ai liên hệ với bạn là một mật khẩu tốt. { $barred ->
    [1] Không dùng lại mật khẩu hiện tại.
   *[other] Không dùng lại { $barred } mật khẩu gần nhất.
  }
account-password-missing = Vui lòng nhập mật khẩu hiện tại.
account-password-wrong = Đây không phải là mật khẩu hiện tại.
account-password-short = Vui lòng chọn mật khẩu có ít nhất { $length } ký tự.
account-password-show = Hiện mật khẩu
account-password-submit = Đổi mật khẩu
account-password-changed = Mật khẩu đã được đổi.
